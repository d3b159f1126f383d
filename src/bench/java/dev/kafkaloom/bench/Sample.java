package dev.kafkaloom.bench;

import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.message.Message;
import dev.kafkaloom.message.MetadataResponse;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.protocol.WireReader;
import java.util.function.Supplier;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Readable;

/** The messages that are measured, each with its content and how either side reads it. */
@SuppressWarnings("ImmutableEnumChecker") // functions without state
public enum Sample {
    METADATA_12_SEQUENTIAL(
            "MetadataResponse v12, sequential names", 12, false, Contents::sequentialMetadata, Read.METADATA),
    METADATA_12_RANDOM("MetadataResponse v12, random names", 12, false, Contents::randomMetadata, Read.METADATA),
    METADATA_13_SEQUENTIAL(
            "MetadataResponse v13, sequential names", 13, true, Contents::sequentialMetadata, Read.METADATA),
    METADATA_13_RANDOM("MetadataResponse v13, random names", 13, true, Contents::randomMetadata, Read.METADATA),
    FETCH_17("FetchResponse v17", 17, false, Contents::fetch, Read.FETCH),
    FETCH_18("FetchResponse v18", 18, true, Contents::fetch, Read.FETCH),
    PRODUCE_11("ProduceRequest v11", 11, false, Contents::produce, Read.PRODUCE),
    PRODUCE_12("ProduceRequest v12", 12, true, Contents::produce, Read.PRODUCE);

    /** What is in the table. */
    final String label;

    final short version;

    /** Whether it is measured when nothing was selected: one version of each. */
    final boolean usual;

    private final Supplier<ApiMessage> content;
    private final Read read;

    Sample(String label, int version, boolean usual, Supplier<ApiMessage> content, Read read) {
        this.label = label;
        this.version = (short) version;
        this.usual = usual;
        this.content = content;
        this.read = read;
    }

    /** A parsed metadata answer has an absolute goal as well. */
    boolean isMetadata() {
        return read == Read.METADATA;
    }

    ApiMessage content() {
        return content.get();
    }

    OursReader ours() {
        return read.ours;
    }

    KafkaReader kafka() {
        return read.kafka;
    }

    /** Our decoder of a message. */
    @FunctionalInterface
    interface OursReader {
        Message read(WireReader in, short version);
    }

    /** The decoder of kafka-clients. */
    @FunctionalInterface
    interface KafkaReader {
        ApiMessage read(Readable in, short version);
    }

    private enum Read {
        METADATA(MetadataResponse::read, MetadataResponseData::new),
        FETCH(FetchResponse::read, FetchResponseData::new),
        PRODUCE(ProduceRequest::read, ProduceRequestData::new);

        private final OursReader ours;
        private final KafkaReader kafka;

        Read(OursReader ours, KafkaReader kafka) {
            this.ours = ours;
            this.kafka = kafka;
        }
    }
}
