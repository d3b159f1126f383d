/**
 * What consumer groups go through on real brokers and survive, scenario by scenario ({@link dev.kafkaloom.proof.Scenario}): as tests
 * ({@code ProofIT}) and as lines of src/acceptance/consumer.sh ({@code ProofMain}). Most are judged by a {@link dev.kafkaloom.history}.
 */
package dev.kafkaloom.proof;
