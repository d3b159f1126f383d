/** HighLevel: looking after topics, groups and their offsets. Every method asks the cluster anew; nothing is kept between calls. */
package dev.kafkaloom.admin;
