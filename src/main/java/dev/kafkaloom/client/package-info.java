/** LowLevel: every API of Kafka as one typed blocking call, with routing, retries, metadata, coordinators and the connection pool. */
package dev.kafkaloom.client;
