/** A broker for tests on the loopback interface: real bytes by the same generated code, and faults on demand. */
package dev.kafkaloom.fake;
