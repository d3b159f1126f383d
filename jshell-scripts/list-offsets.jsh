// kafka-swoole's README example: build a ListOffsets request, send it, dump the answer as a map.
//   bin/kafka-client jshell jshell-scripts/list-offsets.jsh -X topic.names=orders
var partition = ListOffsetsRequest.ListOffsetsPartition.builder()
    .partitionIndex(0).timestamp(OffsetLookup.LATEST).maxNumOffsets(10).build();
var topics = ListOffsetsRequest.ListOffsetsTopic.builder()
    .name(topic()).partitions(List.of(partition)).build();
var request = ListOffsetsRequest.builder().replicaId(-1).topics(List.of(topics)).build();

var leader = kafka().clusterWith(List.of(topic())).leader(new TopicPartition(topic(), 0)).orElseThrow();
var version = kafka().versions(leader.nodeId(), ApiKey.LIST_OFFSETS).highest();
var response = kafka().call(new Route.Broker(leader.nodeId()), request, CallOptions.DEFAULT);
System.out.println(response.toMap(version));
/exit
