// The LowLevel client: any API as one typed blocking call. It finds the brokers itself, splits what concerns several and joins the answers.
//   bin/kafka-client jshell jshell-scripts/low-level.jsh -b localhost:9092
var groups = kafka().call(ListGroupsRequest.builder().build());            // asks every broker
groups.groups().forEach(group -> System.out.println(group.groupId() + " " + group.protocolType()));

var names = groups.groups().stream().map(group -> group.groupId()).toList();
var told = kafka().call(DescribeGroupsRequest.builder().groups(names).build()); // each group's coordinator
told.groups().forEach(group -> System.out.println(group.groupId() + " " + group.groupState() + ", members: " + group.members().size()));

kafka().connections().forEach(System.out::println);
/exit
