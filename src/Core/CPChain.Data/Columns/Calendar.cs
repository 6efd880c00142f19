namespace CPChain.Data.Columns;

/// <summary>The proleptic Gregorian calendar as days since 0000-03-01, in integers.</summary>
internal static class Calendar
{
    private const int DaysPer400Years = 146_097;
    private const int Offset = 60;

    /// <summary>Whether the date exists.</summary>
    public static bool Exists(int year, int month, int day)
    {
        if (month is < 1 or > 12 || day < 1) return false;
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        int length = month switch { 2 => leap ? 29 : 28, 4 or 6 or 9 or 11 => 30, _ => 31 };
        return day <= length;
    }

    /// <summary>Days since 0000-01-01 of an existing date.</summary>
    public static long DaysOf(int year, int month, int day)
    {
        // Years begin in March, so that the leap day is the last of its year.
        long y = month <= 2 ? year - 1 : year;
        int m = (month + 9) % 12;
        long era = (y + 400) / 400 - 1;
        long yearOfEra = y - era * 400;
        long dayOfYear = (153 * m + 2) / 5 + day - 1;
        return era * DaysPer400Years + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear + Offset;
    }

    /// <summary>The inverse of <see cref="DaysOf"/>, for the years 0 to 9999.</summary>
    public static (int Year, int Month, int Day) DateOf(long days)
    {
        long d = days - Offset + DaysPer400Years;
        long era = d / DaysPer400Years, dayOfEra = d % DaysPer400Years;
        long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int m = (int)((5 * dayOfYear + 2) / 153);
        int day = (int)(dayOfYear - (153 * m + 2) / 5 + 1);
        int month = m < 10 ? m + 3 : m - 9;
        long year = yearOfEra + (era - 1) * 400 + (month <= 2 ? 1 : 0);
        return ((int)year, month, day);
    }
}
