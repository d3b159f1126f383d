/** Where records wait between the broker and the sink. Only the direct way is built: they do not wait. */
package dev.kafkaloom.storage;
