#pragma once

// Tells Callgrind what to look at. Without its header, or when Callgrind does not run the program,
// this does nothing.
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_START_INSTRUMENTATION (void)0
#define CALLGRIND_STOP_INSTRUMENTATION (void)0
#define RUNNING_ON_VALGRIND 0
#endif
