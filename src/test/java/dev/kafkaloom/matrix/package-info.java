/** The suites that run on real brokers of every supported release, and on a cluster of three. */
package dev.kafkaloom.matrix;
