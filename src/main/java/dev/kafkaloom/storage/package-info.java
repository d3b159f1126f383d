/** Where records wait between the broker and the sink. */
package dev.kafkaloom.storage;
