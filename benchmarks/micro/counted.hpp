#pragma once

#include "support/allocations.hpp"

#include <benchmark/benchmark.h>

namespace vidi_benchmark {

/// Runs `work` as often as Google Benchmark asks for, and reports the allocations of one run beside
/// its time.
template <class Work>
void run_counted(benchmark::State& state, Work work)
{
    auto const before = vidi_test::allocations_so_far();
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(work());
    auto const counted = vidi_test::allocations_so_far() - before;
    auto const per_run = [](std::size_t n) {
        return benchmark::Counter(static_cast<double>(n), benchmark::Counter::kAvgIterations);
    };
    state.counters["allocs"] = per_run(counted.calls);
    state.counters["bytes"] = per_run(counted.bytes);
}

} // namespace vidi_benchmark
