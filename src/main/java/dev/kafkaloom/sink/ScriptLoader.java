package dev.kafkaloom.sink;

import java.util.HashMap;
import java.util.Map;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.execution.LoaderDelegate;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControl.ClassBytecodes;
import jdk.jshell.spi.ExecutionControl.ClassInstallException;
import jdk.jshell.spi.ExecutionControl.EngineTerminationException;
import jdk.jshell.spi.ExecutionControl.NotImplementedException;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * Holds the classes that a script was compiled to, so that they run in this process and see the very classes of the program. The loader of
 * jshell's own local execution would look for those on the class path of the JVM only. It outlives the compiler.
 */
final class ScriptLoader extends ClassLoader implements LoaderDelegate {
    private final Map<String, byte[]> compiled = new HashMap<>(); // guarded by itself

    ScriptLoader(ClassLoader program) {
        super("sink-script", program);
    }

    /** Runs what is evaluated on the thread that asks for it. */
    ExecutionControlProvider inThisProcess() {
        return new ExecutionControlProvider() {
            @Override
            public String name() {
                return "in-this-process";
            }

            @Override
            public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
                return new DirectExecutionControl(ScriptLoader.this);
            }
        };
    }

    @Override
    public void load(ClassBytecodes[] classes)
            throws ClassInstallException, NotImplementedException, EngineTerminationException {
        synchronized (compiled) {
            for (ClassBytecodes each : classes) {
                compiled.put(each.name(), each.bytecodes());
            }
        }
    }

    @Override
    public void classesRedefined(ClassBytecodes[] classes) {
        throw new UnsupportedOperationException("a loaded class stays as it is");
    }

    @Override
    public void addToClasspath(String path) {
        throw new UnsupportedOperationException("the class path is the program's");
    }

    @Override
    public Class<?> findClass(String name) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            byte[] bytes;
            synchronized (compiled) {
                bytes = compiled.remove(name);
            }
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
