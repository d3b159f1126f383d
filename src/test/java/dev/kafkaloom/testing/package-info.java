/** What tests on real brokers share. */
package dev.kafkaloom.testing;
