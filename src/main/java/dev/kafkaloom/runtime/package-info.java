/** The consumer runtime: a group's members, what their records go through, and the sink at its end. */
package dev.kafkaloom.runtime;
