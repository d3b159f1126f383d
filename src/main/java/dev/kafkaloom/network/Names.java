package dev.kafkaloom.network;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of a host name: the system, or a test. */
@FunctionalInterface
interface Names {
    /** All of them, in the order in which they are to be tried. */
    InetAddress[] addressesOf(String host) throws UnknownHostException;
}
