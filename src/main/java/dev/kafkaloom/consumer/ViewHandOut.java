package dev.kafkaloom.consumer;

/** {@link Ordering#PARTITION} without copies: the handler sees the records where they lie. */
final class ViewHandOut extends HandOut.OnItsThread {
    private final Delivery delivery;
    private final ViewHandler handler;

    ViewHandOut(Delivery delivery, ViewHandler handler) {
        this.delivery = delivery;
        this.handler = handler;
    }

    @Override
    public boolean next(Mail.Batches mail) throws Exception {
        RecordViews views = delivery.reader().nextViews();
        if (views == null) {
            return false;
        }
        delivery.mailbox().hold(delivery.reader().decompressedBytes());
        if (views.isEmpty()) {
            delivery.progress().skip(views.position(), views.lastLeaderEpoch());
        } else {
            handle(views);
        }
        delivery.moveTo(views.position());
        return true;
    }

    private void handle(RecordViews views) throws Exception {
        delivery.progress().delivered(views.first(), views.end(), views.lastLeaderEpoch());
        begins(views.first(), 1); // how many they are shows only when they have been read
        try {
            handler.handle(delivery.partition(), views);
            views.finish();
        } finally {
            ends();
            views.abandon();
        }
        delivery.done(views.first(), views.position(), views.count(), views.bytes());
    }
}
