// kafka-swoole's README example: build a ListOffsets request, send it, dump the answer as a map.
//   bin/kafka-client jshell jshell-scripts/list-offsets.jsh -X topic.names=orders
import dev.kafkaloom.message.ListOffsetsRequest.*;

var partition = ListOffsetsPartition.builder().partitionIndex(0).timestamp(OffsetLookup.LATEST).build();
var wanted = ListOffsetsTopic.builder().name(topic()).partitions(List.of(partition)).build();
var request = ListOffsetsRequest.builder().replicaId(-1).topics(List.of(wanted)).build();

var leader = new Route.Leader(new TopicPartition(topic(), 0));
var response = kafka().call(leader, request, CallOptions.DEFAULT);
System.out.println(response.toMap(kafka().versions().highestFor(request)));
/exit
