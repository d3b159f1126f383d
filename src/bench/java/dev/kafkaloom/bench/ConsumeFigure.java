package dev.kafkaloom.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What one client did in its measured time.
 *
 * @param records how many it read
 * @param seconds how long it took
 * @param cpu processor seconds of its process
 * @param jit the part of them that the JIT compiler took
 * @param broker processor seconds of the broker
 * @param steal processor seconds that other machines on the host took from this one
 * @param allocated bytes of objects; 0 where nobody counts them
 * @param peak MB, the most it ever had in use
 */
record ConsumeFigure(
        double records,
        double seconds,
        double cpu,
        double jit,
        double broker,
        double steal,
        double allocated,
        double peak) {
    static ConsumeFigure parse(String line) throws IOException {
        Map<String, Double> values = new HashMap<>();
        for (String word : line.strip().split(" ", -1)) {
            String[] pair = word.split("=", -1);
            if (pair.length != 2) {
                throw new IOException("not a figure: " + line);
            }
            values.put(pair[0], Double.parseDouble(pair[1]));
        }
        return new ConsumeFigure(
                values.get("records"),
                values.get("seconds"),
                values.get("cpu"),
                values.get("jit"),
                values.get("broker"),
                values.get("steal"),
                values.get("allocated"),
                values.get("peak"));
    }

    /** Processor seconds per million records, those of the JIT compiler left out. */
    double work() {
        return (cpu - jit) / records * 1e6;
    }

    /** The same with them. */
    double total() {
        return cpu / records * 1e6;
    }

    double perSecond() {
        return records / seconds;
    }

    double bytesPerRecord() {
        return allocated / records;
    }

    double brokerPerMillion() {
        return broker / records * 1e6;
    }

    /** Which part of the machine was not there. */
    double stolen() {
        return steal / seconds / Runtime.getRuntime().availableProcessors();
    }
}
