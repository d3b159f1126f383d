/** Where consumed records go: the {@link dev.kafkaloom.sink.Sink} a program writes, and the built-in ones. */
package dev.kafkaloom.sink;
