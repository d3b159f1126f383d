package dev.kafkaloom.storm;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.fake.FaultProxy;
import dev.kafkaloom.network.HostAndPort;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Real brokers behind a network that does everything wrong. */
final class RealWorld implements World {
    private static final HostAndPort NOWHERE = new HostAndPort("127.0.0.1", 1);

    private final FaultProxy proxy = FaultProxy.start();
    private final String bootstrap;
    private final Set<HostAndPort> brokers = ConcurrentHashMap.newKeySet();

    private RealWorld(String bootstrap) {
        this.bootstrap = bootstrap;
        this.brokers.addAll(HostAndPort.parseList(bootstrap));
    }

    /** All brokers have to be named, since an address that was garbled is none that one should connect to. */
    static RealWorld behind(String bootstrap, long seed, double probability) {
        RealWorld world = new RealWorld(bootstrap);
        world.proxy.faultsAtRandom(seed, probability, Weather.ofTheNetwork());
        return world;
    }

    @Override
    public ClientConfig.Builder client() {
        return ClientConfig.builder(bootstrap)
                .addressRewrite(wanted -> brokers.contains(wanted) ? proxy.via(wanted) : NOWHERE);
    }

    @Override
    public List<Question> questions() {
        return List.of(Question.METADATA, Question.GROUP, Question.COORDINATOR, Question.CONFIGS);
    }

    @Override
    public void disturb(Random random) throws Exception {
        switch (random.nextInt(4)) {
            case 0 -> proxy.resetConnections();
            case 1 -> proxy.closeConnections();
            case 2 -> {
                proxy.freeze();
                Thread.sleep(random.nextInt(300));
                proxy.thaw();
            }
            default -> {
                proxy.refuse(true);
                Thread.sleep(random.nextInt(100));
                proxy.refuse(false);
            }
        }
    }

    @Override
    public Map<String, Long> faultsDone() {
        return proxy.faultsDone();
    }

    @Override
    public void close() throws IOException {
        proxy.close();
    }
}
