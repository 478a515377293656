@echo off
rem Builds Duet (which takes a second where nothing has changed) and runs it; `duet test` runs every test.
setlocal
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set DOTNET_NOLOGO=1
where dotnet >nul 2>nul || (echo duet: the .NET 10 SDK is missing; see https://dot.net/download 1>&2 & exit /b 1)
if "%~1"=="test" (dotnet test "%~dp0Duet.slnx" -c Release -m:1 & exit /b)
dotnet build "%~dp0src\Duet.Cli" -c Release -v quiet -tl:off 1>&2 || exit /b 1
if not defined DUET_COMMAND set DUET_COMMAND=duet
dotnet "%~dp0src\Duet.Cli\bin\Release\net10.0\Duet.Cli.dll" %*
