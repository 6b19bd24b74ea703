#include "sandbox.h"

#include "child.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <csignal>
#include <cstddef>
#include <cstdio>
#include <stdexcept>

namespace leadsync::kit {
namespace {

#define TRAP_ON(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP)

const char* name_of(int call) {
  switch (call) {
    case __NR_socket: return "socket";
    case __NR_openat: return "openat";
    case __NR_execve: return "execve";
    case __NR_clone: return "clone";
    case __NR_clone3: return "clone3";
    case __NR_connect: return "connect";
    case __NR_unlinkat: return "unlinkat";
    default: return "a system call";
  }
}

void on_trap(int, siginfo_t* about, void*) {
  char text[200];
  std::snprintf(text, sizeof text, "the plugin called %s: it opens no file and no socket, and starts no program and no thread", name_of(about->si_syscall));
  end_child(text, "sdk/plugin.h: a plugin performs no I/O");
}

}  // namespace

void forbid_input_and_output() {
  struct sigaction action {};
  action.sa_sigaction = on_trap;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGSYS, &action, nullptr);
  sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      TRAP_ON(socket), TRAP_ON(connect), TRAP_ON(openat), TRAP_ON(execve), TRAP_ON(clone), TRAP_ON(clone3), TRAP_ON(unlinkat),
#ifdef __NR_open
      TRAP_ON(open), TRAP_ON(fork), TRAP_ON(vfork), TRAP_ON(unlink),
#endif
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  sock_fprog program{static_cast<unsigned short>(sizeof rules / sizeof *rules), rules};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    throw std::runtime_error("this kernel does not let the kit watch system calls");
}

}  // namespace leadsync::kit
