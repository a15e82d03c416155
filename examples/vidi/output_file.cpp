#include "output_file.hpp"

#include "command.hpp"
#include "file_identity.hpp"
#include "last_error.hpp"
#include "printable.hpp"
#include "write_all.hpp"

#include <boost/system/system_error.hpp>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace vidi_tool {
namespace {

constexpr std::size_t buffer_size = std::size_t{1} << 20;

std::optional<struct stat> status_of(std::string const& name)
{
    struct stat status
    {
    };
    return ::stat(name.c_str(), &status) == 0 ? std::optional{status} : std::nullopt;
}

void refuse_inputs(
    std::string const& name, struct stat const& existing,
    std::span<std::filesystem::path const> inputs)
{
    bool const is_input = std::ranges::any_of(inputs, [&](std::filesystem::path const& input) {
        auto const status = status_of(input.string());
        return status && file_identity{*status} == file_identity{existing};
    });
    if (is_input)
        throw usage_error(one_line(name) + " is what is read; choose another file");
}

} // namespace

output_file::output_file(
    std::string const& name, bool overwrite, std::span<std::filesystem::path const> inputs)
    : name_{name}
{
    auto const existing = status_of(name);
    bool const regular = existing && S_ISREG(existing->st_mode);
    if (existing)
        refuse_inputs(name, *existing, inputs);
    if (regular && !overwrite)
        throw usage_error(
            one_line(name) +
            " exists already and is not overwritten; choose another name, or add --force");
    // Without --force no other program can have made it in between.
    int const how = existing ? (regular ? O_TRUNC : 0) : O_CREAT | (overwrite ? O_TRUNC : O_EXCL);
    file_ = descriptor{::open(name.c_str(), O_WRONLY | O_CLOEXEC | how, 0666)};
    if (!file_)
        throw usage_error("cannot write to " + one_line(name) + ": " + last_error().message());
    is_regular_ = !existing || regular;
    buffer_.reserve(buffer_size);
}

output_file::~output_file()
{
    if (file_)
        remove();
}

void output_file::remove() noexcept
{
    if (is_regular_)
        ::unlink(name_.c_str());
}

void output_file::write(std::string_view bytes)
{
    buffer_ += bytes;
    if (buffer_.size() >= buffer_size)
        flush();
}

void output_file::flush()
{
    if (auto const failure = write_all(file_.get(), buffer_))
        throw boost::system::system_error{failure, "cannot write to " + one_line(name_)};
    buffer_.clear();
}

void output_file::close()
{
    flush();
    // A full disk is sometimes noticed only here.
    if (::close(file_.release()) != 0) {
        auto const failure = last_error();
        remove();
        throw boost::system::system_error{failure, "cannot write to " + one_line(name_)};
    }
}

} // namespace vidi_tool
