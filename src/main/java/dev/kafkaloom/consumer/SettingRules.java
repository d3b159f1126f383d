package dev.kafkaloom.consumer;

import java.time.Duration;

/** What a config record says about a value that cannot be: the setting, what it is, what is allowed. */
final class SettingRules {
    private SettingRules() {}

    static void positive(String name, Duration value) {
        check(value != null && value.isPositive(), name, value, "must be positive");
    }

    static void check(boolean good, String name, Object value, String rule) {
        if (!good) {
            throw new IllegalArgumentException(name + ": " + value + " " + rule);
        }
    }
}
