/** Connections to brokers: frames, the version handshake, lanes. Knows nothing of routing, retries or metadata. */
package dev.kafkaloom.network;
