// Signals by waiting instead of handlers: SIGTERM and SIGINT end the program, SIGHUP reloads.
#pragma once

#include <functional>

namespace acquit::app {

/// Before any thread is made, so that all inherit it.
void block_signals();
/// For a command that waits for none: it can be interrupted like any other program.
void unblock_signals();
/// Returns at SIGTERM or SIGINT; calls `reload` at SIGHUP.
void wait_for_signal(const std::function<void()>& reload);

}  // namespace acquit::app
