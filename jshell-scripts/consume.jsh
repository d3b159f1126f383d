// Prints the first records of the configured topic (topic.names), at most 10:
//   bin/kafka-client jshell jshell-scripts/consume.jsh -X topic.names=orders
for (ConsumedRecord record : consume(topic(), 10)) {
    String key = record.key() == null ? "-" : new String(record.key());
    System.out.println(record.partition() + "@" + record.offset() + " " + key + " " + new String(record.value()));
}
/exit
