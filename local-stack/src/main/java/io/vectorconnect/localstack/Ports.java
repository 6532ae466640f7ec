package io.vectorconnect.localstack;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds free ports.
 *
 * <p>A server binds its port some time after it was found. So no port is given twice, and none that
 * the system gives to outgoing connections meanwhile: a client that meets another server than it
 * thinks of fails in odd ways.
 */
final class Ports {
  private static final Path OUTGOING = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
  private static final int LOWEST = 10_000;
  private static final int ENOUGH = 5_000;
  private static final int TRIES = 10_000;

  private static final Random RANDOM = new Random();
  private static final Set<Integer> GIVEN = new HashSet<>();

  private Ports() {}

  /** Ports that were free a moment ago, all different. */
  static List<Integer> free(int count) {
    return IntStream.range(0, count).mapToObj(i -> free()).toList();
  }

  static synchronized int free() {
    int end = firstOutgoing();
    for (int i = 0; i < TRIES; i++) {
      int port = LOWEST + RANDOM.nextInt(end - LOWEST);
      if (!GIVEN.contains(port) && isFree(port)) {
        GIVEN.add(port);
        return port;
      }
    }
    throw new StackException("no free port between %d and %d".formatted(LOWEST, end));
  }

  /** Where the ports of outgoing connections begin, if that leaves enough below. */
  static int firstOutgoing() {
    // By a reader with a buffer: Files.readString gets no more than the first digit of this file.
    try (BufferedReader reader = Files.newBufferedReader(OUTGOING)) {
      int first = Integer.parseInt(reader.readLine().strip().split("\\s+", 2)[0]);
      return first >= LOWEST + ENOUGH ? first : 1 << 16;
    } catch (IOException | NumberFormatException e) {
      return 49_152; // not Linux: where the registered ports end
    }
  }

  /** On every interface, for some servers know no other address. */
  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(false);
      socket.bind(new InetSocketAddress(port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
