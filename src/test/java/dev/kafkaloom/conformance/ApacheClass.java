package dev.kafkaloom.conformance;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;

/** A class of Kafka's by reflection: it is known only by the loader of its release. Any thread. */
final class ApacheClass {
    private final Class<?> type;
    private final Map<String, Method> methods = new HashMap<>();
    private final Map<Integer, Constructor<?>> constructors = new HashMap<>();

    ApacheClass(Class<?> type) {
        this.type = type;
        for (Method method : type.getMethods()) {
            if (!method.isBridge()) {
                methods.put(key(method.getName(), method.getParameterCount()), method);
            }
        }
        for (Constructor<?> constructor : type.getConstructors()) {
            constructors.put(constructor.getParameterCount(), constructor);
        }
    }

    Object create(Object... arguments) {
        Constructor<?> constructor = constructors.get(arguments.length);
        return unwrapped(() -> constructor.newInstance(arguments));
    }

    /** {@code target} is null for a static method. */
    Object call(Object target, String name, Object... arguments) {
        Method method = method(name, arguments.length);
        return unwrapped(() -> method.invoke(target, arguments));
    }

    Class<?> setterType(String field) {
        return method(setter(field), 1).getParameterTypes()[0];
    }

    void set(Object target, String field, Object value) {
        call(target, setter(field), value);
    }

    private Method method(String name, int parameters) {
        Method method = methods.get(key(name, parameters));
        if (method == null) {
            throw new LinkageError(type + " has no " + name + " of " + parameters + " parameters");
        }
        return method;
    }

    private static String setter(String field) {
        return "set" + Character.toUpperCase(field.charAt(0)) + field.substring(1);
    }

    private static String key(String name, int parameters) {
        return name + "/" + parameters;
    }

    private Object unwrapped(Call call) {
        try {
            return call.run();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(type.getName(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.getName(), e);
        }
    }

    private interface Call {
        Object run() throws ReflectiveOperationException;
    }
}
