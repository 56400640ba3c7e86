// Filing pages open without a network once they were visited: only they, nothing personal is kept.
navigator.serviceWorker?.register("/signaler/sw.js", { scope: "/signaler/" }).catch(() => {});
