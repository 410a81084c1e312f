// A signal's handler may not lock, and a stop does: so a thread of its own waits for the signal.
#include "interrupt.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <pthread.h>
#include <signal.h>

#include <thread>
#endif

namespace {

/// Lives as long as the program: Ctrl-C may come until its very end.
voxhost::StopSource& source() {
  static auto* the_source = new voxhost::StopSource();
  return *the_source;
}

}  // namespace

#ifdef _WIN32

voxhost::StopToken stop_at_interrupt() {
  source();
  // Windows calls this in a thread that it makes for it. FALSE lets the second Ctrl-C end the program.
  SetConsoleCtrlHandler([](DWORD event) -> BOOL { return event == CTRL_C_EVENT && source().request_stop() ? TRUE : FALSE; }, TRUE);
  return source().token();
}

#else

voxhost::StopToken stop_at_interrupt() {
  sigset_t interrupts;
  sigemptyset(&interrupts);
  sigaddset(&interrupts, SIGINT);
  sigaddset(&interrupts, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &interrupts, nullptr);  // Threads to come inherit it.
  const voxhost::StopToken token = source().token();
  std::thread([interrupts] {
    int signal_number = 0;
    sigwait(&interrupts, &signal_number);
    source().request_stop();
    pthread_sigmask(SIG_UNBLOCK, &interrupts, nullptr);  // The second ends the program in the usual way.
    for (;;) pause();
  }).detach();
  return token;
}

#endif
