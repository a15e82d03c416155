#pragma once

namespace vidi_benchmark {

/// Serves HTTPS on the loopback interface until standard input ends, and gives every request the
/// same answer. Prints its port and, in PEM, the authority to trust; then closes standard output.
[[noreturn]] void serve();

} // namespace vidi_benchmark
