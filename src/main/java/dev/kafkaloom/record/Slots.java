package dev.kafkaloom.record;

import java.util.concurrent.atomic.AtomicReferenceArray;

/** A fixed number of things kept for whoever needs one next. Safe from any thread; never waits. */
final class Slots<T> {
    private final AtomicReferenceArray<T> slots;

    Slots(int count) {
        slots = new AtomicReferenceArray<>(count);
    }

    /** Null when none is kept. */
    T take() {
        for (int i = 0; i < slots.length(); i++) {
            if (slots.getPlain(i) != null) {
                T kept = slots.getAndSet(i, null);
                if (kept != null) {
                    return kept;
                }
            }
        }
        return null;
    }

    /** False when there is no room, and the giver keeps it. */
    boolean give(T thing) {
        for (int i = 0; i < slots.length(); i++) {
            if (slots.getPlain(i) == null && slots.compareAndSet(i, null, thing)) {
                return true;
            }
        }
        return false;
    }
}
