/** The program that a person starts: {@link dev.kafkaloom.cli.Main} and what its sub-commands need around the console's commands. */
package dev.kafkaloom.cli;
