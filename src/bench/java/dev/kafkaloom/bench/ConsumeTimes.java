package dev.kafkaloom.bench;

/**
 * How long a measurement takes.
 *
 * @param warmUp seconds before it, for a JVM
 * @param measured seconds
 * @param quick whether the records that a warm-up has to come to do not matter
 */
record ConsumeTimes(double warmUp, double measured, boolean quick) {
    static final double WARM_UP_OF_C = 1;
    static final ConsumeTimes QUICK = new ConsumeTimes(4, 3, true);
    static final ConsumeTimes LONG = new ConsumeTimes(8, 4, false);
}
