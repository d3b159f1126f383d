package dev.kafkaloom.consumer;

/** What a group does about subscribed topics that do not exist when it starts: {@code missing.topics}. */
public enum MissingTopics {
    /** Starting fails and names the topic: most often it is misspelt. */
    FAIL,
    /** The group starts without it and takes it in when it appears. */
    WAIT
}
