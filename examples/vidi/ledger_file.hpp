#pragma once

#include <vidi/testing/emulator.hpp>

#include <fstream>
#include <string>

namespace vidi_tool {

/// A file with a line of JSON for each request that the emulator is done with.
class ledger_file
{
public:
    /// Throws std::runtime_error.
    explicit ledger_file(std::string const& path);

    /// Called on one thread at a time.
    void write(vidi::testing::exchange_record const& record);

    /// Throws std::runtime_error if not everything was written.
    void close();

private:
    std::string path_;
    std::ofstream file_;
};

} // namespace vidi_tool
