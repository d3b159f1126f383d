package dev.kafkaloom.storage.file;

import java.io.IOException;

/** What is on the disk is not what was written there. */
final class Damaged extends IOException {
    private static final long serialVersionUID = 1;

    Damaged(String what) {
        super(what);
    }
}
