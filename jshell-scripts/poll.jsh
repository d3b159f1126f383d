// Consumes the configured topic (topic.names) as a member of group jshell until nothing has come for 5 s, then commits:
//   bin/kafka-client jshell jshell-scripts/poll.jsh -X topic.names=orders
var config = ConsumerConfig.builder("jshell", List.of(topic())).autoOffsetReset(OffsetReset.EARLIEST).build();
var consumer = Consumer.builder(kafka(), config).deserializers(String::new, String::new).subscribe();
for (var records = consumer.poll(Duration.ofSeconds(10)); !records.isEmpty(); records = consumer.poll(Duration.ofSeconds(5))) {
    for (var record : records) {
        System.out.println(record.partition() + "@" + record.offset() + " " + record.key() + " " + record.value());
    }
}
System.out.println("lag: " + consumer.lags());
consumer.close();
/exit
