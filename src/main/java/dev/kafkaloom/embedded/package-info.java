/**
 * A real Apache Kafka broker of any version as a child JVM, for the demo and for the tests. No production package imports this one.
 */
package dev.kafkaloom.embedded;
