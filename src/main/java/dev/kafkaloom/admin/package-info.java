/** HighLevel: looking after topics. */
package dev.kafkaloom.admin;
