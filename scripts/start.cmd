@echo off
rem start.cmd build_if_changed^|build_checks: called by interp.cmd, test.cmd and scripts\any-processor.cmd; does what
rem start.sh does on Linux and macOS. It sets cli and checks, the programs to run, and puts dotnet on the PATH.
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set DOTNET_NOLOGO=1
set DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
set DOTNET_CLI_UI_LANGUAGE=en

for %%I in ("%~dp0..") do set "root=%%~fI"
set "state=%root%\.setup"
set "bin=%root%\src\Interp.Cli\bin\Release\net10.0"
set "cli=%bin%\Interp.Cli.dll"
set "checks=%root%\scripts\Checks\bin\Debug\net10.0\Interp.Checks.dll"
rem What else decides how the build turns out.
set "settings=Cuda=%Cuda%"

rem Where the SDK is when it is not on the PATH.
set "found="
for %%I in (dotnet.exe) do set "found=%%~$PATH:I"
if not defined found for %%D in ("%DOTNET_ROOT%" "%USERPROFILE%\.dotnet" "%LOCALAPPDATA%\Microsoft\dotnet") do call :look_in %%D
if not defined found echo the .NET 10 SDK was not found; install it from https://dotnet.microsoft.com/download and start again>&2
if not defined found exit /b 1
if not exist "%state%" mkdir "%state%"
goto %1

:look_in
if defined found exit /b 0
if not exist "%~1\dotnet.exe" exit /b 0
set "found=%~1\dotnet.exe"
set "DOTNET_ROOT=%~1"
set "PATH=%~1;%PATH%"
exit /b 0

:build_if_changed
call :is_fresh
if not errorlevel 1 exit /b 0
if exist "%cli%" echo building ...>&2
if not exist "%cli%" echo building; the first time fetches libtorch and other packages, about 200 MB ...>&2
set "log=%state%\build.log"
set "work=build_cli"
goto locked

:build_checks
set "log=%state%\checks.log"
set "work=build_checks_project"
goto locked

rem One build at a time: while a build runs, cmd keeps build.lock open for writing, which no other process can do then,
rem so that the call fails before it starts. The system closes the file with the process.
rem scripts\Checks\BuildLock.cs takes the same lock.
:locked
set "code="
call :%work% 2>nul 9>"%state%\build.lock"
if not defined code ping -n 2 127.0.0.1 >nul
if not defined code goto locked
if "%code%"=="0" exit /b 0
type "%log%" >&2
echo the build failed; the messages above say why (also in %log%)>&2
if "%work%"=="build_checks_project" echo 0 passed, 1 failed, 0 skipped
exit /b 1

rem Whether the built command line is what the sources say: they are those of the mirror that the build left.
:is_fresh
if not exist "%cli%" exit /b 1
set "built_with="
if exist "%state%\build.stamp" set /p built_with=<"%state%\build.stamp"
if not "%built_with%"=="%settings%" exit /b 1
set "libtorch="
if exist "%bin%\libtorch.path" set /p libtorch=<"%bin%\libtorch.path"
if defined libtorch if not exist "%libtorch%" exit /b 1
call :mirror /L
exit /b %errorlevel%

rem Makes the mirror of the sources; with /L only says, by its code, whether it would change. Of robocopy's codes, 1 says
rem that something was copied, 2 that the mirror had more.
:mirror
set "changed=0"
robocopy "%root%\src" "%state%\sources\src" /MIR /XD bin obj /R:0 /NJH /NJS /NFL /NDL /NP %1 >nul
if errorlevel 1 set "changed=1"
robocopy "%root%" "%state%\sources" Directory.Build.props Directory.Build.targets Directory.Packages.props global.json /R:0 /NJH /NJS /NFL /NDL /NP %1 >nul
set /a "copied=%errorlevel% & 1"
if "%copied%"=="1" set "changed=1"
exit /b %changed%

:build_cli
set "code=0"
call :is_fresh
if not errorlevel 1 exit /b 0
if exist "%state%\build.stamp" del "%state%\build.stamp"
rem As the sources are at the start: what is edited during the build is built again.
call :mirror
call :build "%root%\src\Interp.Cli\Interp.Cli.csproj" Release
if not errorlevel 1 >"%state%\build.stamp" echo %settings%
exit /b 0

:build_checks_project
call :build "%root%\scripts\Checks\Checks.csproj" Debug
exit /b 0

rem build PROJECT CONFIGURATION
:build
set "code=0"
dotnet build %1 -c %2 -nologo -v q -clp:NoSummary -tl:off >"%log%" 2>&1 <nul
if errorlevel 1 set "code=1"
exit /b %code%
