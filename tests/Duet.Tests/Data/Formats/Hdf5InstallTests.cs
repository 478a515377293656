// What a user is told who has no libhdf5.
using Duet.Hdf5;

namespace Duet.Tests.Data.Formats;

public sealed class Hdf5InstallTests
{
    [Theory]
    [InlineData("ID=debian", "", "apt-get install hdf5-tools")]
    [InlineData("ID=linuxmint", "ID_LIKE=\"ubuntu debian\"", "apt-get install hdf5-tools")]
    [InlineData("ID=fedora", "VERSION_ID=41", "dnf install hdf5")]
    [InlineData("ID=\"rocky\"", "ID_LIKE=\"rhel centos fedora\"", "dnf install hdf5")]
    [InlineData("ID=plan9", "ID_LIKE=", "libhdf5.so")]
    [InlineData("NAME=debian", "VERSION=\"12\"", "libhdf5.so")]
    public void The_command_fits_the_system(string first, string second, string expected) =>
        InstallAdvice.ForLinux([first, second]).ShouldContain(expected);
}
