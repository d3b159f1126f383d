/** Very many calls in very bad weather: what must hold however the network behaves. */
package dev.kafkaloom.storm;
