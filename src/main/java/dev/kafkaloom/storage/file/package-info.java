/**
 * Records in files of this machine: a log of segments in one folder, in which records, acks and marks follow each other, so that one fsync
 * makes all of them durable and whole files can be deleted from the old end.
 */
package dev.kafkaloom.storage.file;
