package dev.kafkaloom.consumer;

/** On a current broker. */
class GroupIT extends GroupBehaviour {
    GroupIT() {
        super("4.3.1");
    }
}
