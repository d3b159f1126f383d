/**
 * From config/*.yaml, .env, the environment and flags to the config records that the packages below declare. Everything is checked
 * before anything starts; whatever is wrong is one line that names the place, the key and what is allowed.
 */
package dev.kafkaloom.config;
