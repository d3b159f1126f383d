package dev.kafkaloom.record;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What this thread has taken from the heap so far, given back or not. */
final class Allocated {
    private Allocated() {}

    static long byThisThread() {
        return ManagementFactory.getPlatformMXBean(ThreadMXBean.class).getCurrentThreadAllocatedBytes();
    }
}
