package dev.kafkaloom.protocol;

import java.util.AbstractCollection;
import java.util.AbstractList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.NoSuchElementException;
import java.util.RandomAccess;

/**
 * The lists of messages: unmodifiable and without null elements, so that a message takes one over without a copy. Not
 * {@link AbstractList}, whose counter of modifications would cost eight bytes a list; what is rarely asked for goes through one.
 *
 * <p>Immutable, any thread.
 */
public abstract sealed class FrozenList<E> extends AbstractCollection<E> implements List<E>, RandomAccess
        permits ElementList, Int32List, Int64List {
    FrozenList() {}

    @Override
    public final Iterator<E> iterator() {
        return new Walk();
    }

    @Override
    public final int indexOf(Object element) {
        return view().indexOf(element);
    }

    @Override
    public final int lastIndexOf(Object element) {
        return view().lastIndexOf(element);
    }

    @Override
    public final ListIterator<E> listIterator() {
        return view().listIterator();
    }

    @Override
    public final ListIterator<E> listIterator(int index) {
        return view().listIterator(index);
    }

    @Override
    public final List<E> subList(int from, int to) {
        return view().subList(from, to);
    }

    @Override
    public boolean equals(Object other) {
        return other == this || view().equals(other);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < size(); i++) {
            hash = 31 * hash + get(i).hashCode();
        }
        return hash;
    }

    @Override
    public final void clear() {
        throw new UnsupportedOperationException();
    }

    @Override
    public final boolean remove(Object element) {
        throw new UnsupportedOperationException();
    }

    @Override
    public final boolean addAll(int index, Collection<? extends E> elements) {
        throw new UnsupportedOperationException();
    }

    @Override
    public final E set(int index, E element) {
        throw new UnsupportedOperationException();
    }

    @Override
    public final void add(int index, E element) {
        throw new UnsupportedOperationException();
    }

    @Override
    public final E remove(int index) {
        throw new UnsupportedOperationException();
    }

    private List<E> view() {
        return new View();
    }

    private final class View extends AbstractList<E> implements RandomAccess {
        @Override
        public E get(int index) {
            return FrozenList.this.get(index);
        }

        @Override
        public int size() {
            return FrozenList.this.size();
        }
    }

    private final class Walk implements Iterator<E> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < size();
        }

        @Override
        public E next() {
            if (next >= size()) {
                throw new NoSuchElementException();
            }
            return get(next++);
        }
    }
}
