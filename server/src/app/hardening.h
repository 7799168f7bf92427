// What keeps the memory of the server from leaving the machine: no core dump, no debugger of the same user, keys in
// memory that is neither swapped nor dumped. Called once, before a key is read.
#pragma once

namespace acquit::app {

/// Logs what the system did not grant, and goes on: the server is as safe as its machine then.
void keep_memory_in();

}  // namespace acquit::app
