@echo off
rem Runs the numeric tests, the notebooks and the scripts of analyses\ under narrow and wide kernels, with one thread and
rem with two, and prints a table. It takes long. Words choose settings and projects: any-processor narrow Interp.Sae
setlocal
call "%~dp0start.cmd" build_checks
if errorlevel 1 exit /b 1
dotnet "%checks%" any-processor %*
